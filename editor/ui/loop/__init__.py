"""The widgets of Loop mode: a clip that plays, and everything one can look at and change in it.

The stage is given plain values of the engine and its pure functions (``Means``), and speaks by
signals. Whoever shows it says ``end()`` before it goes: it keeps threads that read and draw ahead.
"""
