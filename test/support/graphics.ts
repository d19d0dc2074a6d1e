/** Words with which a browser without a graphics card draws WebGL in software. */
export const softwareGraphics = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

/** What Chromium says about drawing in software; nothing is wrong with it. */
export const softwareGraphicsNotes = /GPU stall due to ReadPixels|software WebGL|SwiftShader|GroupMarkerNotSet/i;
