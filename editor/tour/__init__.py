"""The tour: every mode on the samples that come with Patina, each result measured.

``stops`` says where it goes, ``checks`` what is measured there, ``page`` what it looks like
afterwards, and ``going`` goes.
"""
