using FASTER.core;

namespace SemCache.Core.Storage;

/// <summary>Makes the device that the entry log writes its segments to. Tests put one that fails in its place.</summary>
/// <param name="basePath">Path of the segment files without their number.</param>
internal delegate IDevice LogDeviceFactory(string basePath);
