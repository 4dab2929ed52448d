namespace SemCache.Server.Tests.Fixtures;

/// <summary>
/// Tests that run while no other does: an exporter collects by a meter's name, and so the figures of every server in
/// the process.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
