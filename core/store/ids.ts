/** Row id of an image in one project file. */
export type ImageId = number & { readonly brand: 'ImageId' };

/** Row id of a run in one project file. */
export type RunId = number & { readonly brand: 'RunId' };
