/** Row id of an image in one project file. */
export type ImageId = number & { readonly brand: 'ImageId' };

/** Row id of a run in one project file. */
export type RunId = number & { readonly brand: 'RunId' };

/** Row id of a tag in one project file. */
export type TagId = number & { readonly brand: 'TagId' };

/** Row id of an annotation in one project file. */
export type AnnotationId = number & { readonly brand: 'AnnotationId' };

/** Row id of a landmark schema in one project file. */
export type LandmarkSchemaId = number & { readonly brand: 'LandmarkSchemaId' };

/** Row id of a model in one project file. */
export type ModelId = number & { readonly brand: 'ModelId' };

/** Row id of an edit in one project file. */
export type EditId = number & { readonly brand: 'EditId' };
