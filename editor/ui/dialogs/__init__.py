"""Small windows beside the big one. None of them is modal: editing goes on while they are open."""
