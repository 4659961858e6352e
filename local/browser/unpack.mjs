// Unpacks Chromium into TMPDIR and prints where it is: in a separate process, as the package reads the environment.
import chromium from '@sparticuz/chromium';

chromium.setGraphicsMode = false;
console.log(await chromium.executablePath());
