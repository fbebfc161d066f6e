"""`python -m jambi_dash COMMAND …`."""

import sys

from jambi_dash.settings import DATA, missing_files

# Before anything reads a file of the city: the areas are read where the modules are.
if missing := missing_files():
    from jambi_dash.domain.language import t

    sentence = t(
        "Folder data {folder} tidak lengkap, berkas ini tidak ada: {missing}; salin dari folder data "
        "kota yang lain lalu sesuaikan.", folder=DATA.name, missing=", ".join(missing)
    )  # fmt: skip
    sys.stderr.write(sentence + "\n")
    sys.exit(1)

from jambi_dash.cli import main

sys.exit(main())
