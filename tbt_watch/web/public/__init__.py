"""What enterprises need without an account: a link from a letter is all the right they have, and all they need."""
