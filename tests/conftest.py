"""What every test run shares."""

import os

# The deeper checks take long: `make test-full` asks for them.
collect_ignore = [] if os.environ.get("ASC_TEST_FULL") else ["full"]
