"""Who may open, who did it: key file, accounts, signatures, audit chain."""
