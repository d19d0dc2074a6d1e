/** Loads the native part that opens images, so that who asks learns whether it can be loaded. Throws what loading throws. */
export async function loadSharp(): Promise<void> {
  await import('sharp');
}
