"""One thread for matrix products, as ./run starts Tandem: set before numpy is loaded."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
