/** The real world: disk, network, clock and chance of this machine behind the ports of `base/world.ts`. */
export { NodeDisk } from './disk.ts';
export { NodeFileFolder } from './file-folder.ts';
export { NodeNetwork } from './network.ts';
export { PACKAGE_ROOT, packagePath } from './package-root.ts';
export { createNodeWorld } from './world.ts';
