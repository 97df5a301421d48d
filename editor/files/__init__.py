"""Pictures, clips and projects in and out: every read is guarded, every write is atomic."""
