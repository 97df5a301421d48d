"""The document, what can be done to it and undone again. Qt's core and colours, but no widgets."""
