using Microsoft.Extensions.Options;
using SemCache.Core;

namespace SemCache.Server.Hosting;

/// <summary>Gives the host as long to stop as <c>SemCache:Storage:ShutdownTimeout</c> says.</summary>
internal sealed class ShutdownTime(SemanticCache cache) : IConfigureOptions<HostOptions>
{
    public void Configure(HostOptions options) => options.ShutdownTimeout = cache.ShutdownTimeout;
}
