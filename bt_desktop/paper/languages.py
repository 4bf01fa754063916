"""Names of languages, for a line that offers an interpreter."""

from __future__ import annotations

_NAMES = {
    "am": "Amharic", "ar": "Arabic", "bn": "Bengali", "de": "German", "en": "English",
    "es": "Spanish", "fa": "Farsi", "fr": "French", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hmn": "Hmong", "ht": "Haitian Creole", "hy": "Armenian", "it": "Italian",
    "ja": "Japanese", "km": "Khmer", "ko": "Korean", "lo": "Lao", "mix": "Mixtec", "my": "Burmese",
    "ne": "Nepali", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ru": "Russian",
    "sm": "Samoan", "so": "Somali", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "ti": "Tigrinya", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""ISO 639 codes that rosters use, with the English name of the language."""

_LONG = {
    "spa": "es", "vie": "vi", "zho": "zh", "chi": "zh", "ara": "ar", "rus": "ru", "eng": "en",
    "tgl": "tl", "fil": "tl", "kor": "ko", "hye": "hy", "fas": "fa", "som": "so", "ukr": "uk",
}  # fmt: skip


def language_name(code: str) -> str:
    """The English name of a language by its code; what is no code we know comes back as it is."""
    plain = code.strip()
    key = plain.lower().replace("_", "-").partition("-")[0]
    return _NAMES.get(_LONG.get(key, key), plain)


def is_english(code: str) -> bool:
    """Whether it is English, or not said (then nothing is offered in another language)."""
    return language_name(code).casefold() in ("", "english")
