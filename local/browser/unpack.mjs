// Unpacks Chromium into TMPDIR and prints where it is: a process of its own, since the package goes by the environment.
import chromium from '@sparticuz/chromium';

chromium.setGraphicsMode = false;
console.log(await chromium.executablePath());
