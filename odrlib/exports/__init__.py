"""
Foreign files in, frames with our column names out.

`read_file` recognises a file by its content; `EXPORTS` holds every kind of file it knows.
"""
