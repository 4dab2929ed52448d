using SemCache.Cli.Options;

namespace SemCache.Cli;

/// <summary>What every command is given: the outside and the options that all commands share.</summary>
internal sealed record CliContext(CliEnvironment Environment, GlobalOptions Global);
