"""Side-by-side measurements; each prints a ratio to something known.

One thread for matrix products, as ./run starts Tandem: set before numpy is loaded, which reads it once.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
