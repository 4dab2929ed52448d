using SemCache.Cli;

return await SemCacheCli.RunAsync(args, CliEnvironment.OfProcess());
