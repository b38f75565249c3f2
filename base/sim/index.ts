/**
 * The simulated world behind the ports of `base/world.ts`: virtual time, seeded chance, a disk that loses and tears, a
 * network that drops, repeats, delays and parts. One seed gives one history.
 */
export { SECTOR_SIZE, SimDisk, type SimDiskOptions } from './disk.ts';
export { type SimNetworkOptions, SimWires } from './network.ts';
export { SimClock, SimTime, SimTimers } from './time.ts';
export { Trace } from './trace.ts';
export { Simulation, type SimulationOptions, SimWorld } from './world.ts';
