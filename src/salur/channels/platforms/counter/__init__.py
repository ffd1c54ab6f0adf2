"""The counter where citizens speak and a clerk writes; answers go by page, or are carried by a person."""
