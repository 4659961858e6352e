// Unpacks Chromium into TMPDIR and prints its path. It is a separate process because the package reads the environment.
import chromium from '@sparticuz/chromium';

chromium.setGraphicsMode = false;
console.log(await chromium.executablePath());
