"""The editor of the SOP: a screen made from the document's own model, so that it can say no more and no less."""
