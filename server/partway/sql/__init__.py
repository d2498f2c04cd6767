"""Reading SQL: text to tokens, tokens to statements, statements to operations; and writing guards into it."""
