using System.Globalization;
using SemCache.Cli;

// Figures look the same wherever they are written: scripts read them.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
return await SemCacheCli.RunAsync(args, CliEnvironment.OfProcess());
