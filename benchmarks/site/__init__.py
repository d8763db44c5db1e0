"""How fast the pages of the site stand in a browser."""
