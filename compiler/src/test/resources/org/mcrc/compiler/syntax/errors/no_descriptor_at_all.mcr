# Notes

A text that somebody gave by mistake. It speaks of a descriptor
and of (other things.
