"""Small pieces that pages are built of. Each has the look of the tokens and reads aloud."""
