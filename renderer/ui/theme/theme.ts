// Everything the page needs to look right, in the order in which it applies.

import '@fontsource-variable/noto-sans-sc/wght.css';
import './tokens.css';
import './base.css';
