"""The way in: councils' workbooks and the extracts, landed verbatim, with their origin."""
