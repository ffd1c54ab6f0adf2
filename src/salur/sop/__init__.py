"""SOP documents and versions, and the fold that derives status and deadlines."""
