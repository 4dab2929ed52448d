using System.Globalization;
using System.Text;
using SemCache.Core;

namespace SemCache.Server.Hosting.Sockets;

/// <summary>An endpoint of the configuration that is a Unix-domain socket: <c>http://unix:/run/semcache.sock</c>.</summary>
/// <param name="Key">The key of its address, <c>Kestrel:Endpoints:NAME:Url</c>.</param>
/// <param name="Path">The socket's file; at most <see cref="MaxPathBytes"/> bytes.</param>
/// <param name="Mode">Who may use it: whoever may write may connect.</param>
internal sealed record SocketEndpoint(string Key, string Path, UnixFileMode Mode)
{
    /// <summary>What the kernel keeps of a path: 108 bytes, the last of which is 0.</summary>
    public const int MaxPathBytes = 107;

    private const string Endpoints = "Kestrel:Endpoints";
    private const string Url = "Url";
    private const string SocketMode = "SocketMode";
    private const int Octal = 8;

    // There is no authentication: nobody but the owner, until the operator says otherwise.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The sockets among the endpoints of the configuration.</summary>
    /// <exception cref="CacheStartupException">A path is too long, or a mode is none; all that are wrong are named.</exception>
    public static IReadOnlyList<SocketEndpoint> ReadAll(IConfiguration configuration)
    {
        List<SocketEndpoint> sockets = [];
        List<string> mistakes = [];
        foreach (IConfigurationSection section in configuration.GetSection(Endpoints).GetChildren())
        {
            if (PathOf(section[Url]) is not { } path)
            {
                continue;
            }

            int bytes = Encoding.UTF8.GetByteCount(path);
            if (bytes > MaxPathBytes)
            {
                mistakes.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{section.Path}:{Url} has a path of {bytes} bytes, {path} (allowed: at most {MaxPathBytes})."));
            }

            if (ModeOf(section[SocketMode]) is not { } mode)
            {
                mistakes.Add(
                    $"{section.Path}:{SocketMode} is '{section[SocketMode]}' (allowed: three octal digits, 600 to 777).");
                continue;
            }

            sockets.Add(new SocketEndpoint($"{section.Path}:{Url}", path, mode));
        }

        return mistakes.Count == 0 ? sockets : throw new CacheStartupException(string.Join(' ', mistakes));
    }

    // What Kestrel itself cannot parse, it reports itself.
    private static string? PathOf(string? url)
    {
        try
        {
            return url is not null && BindingAddress.Parse(url) is { IsUnixPipe: true } address
                ? address.UnixPipePath
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static UnixFileMode? ModeOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return OwnerOnly;
        }

        if (text.Length != 3 || text.Any(digit => digit is < '0' or > '7'))
        {
            return null;
        }

        var mode = (UnixFileMode)Convert.ToInt32(text, Octal);
        return (mode & OwnerOnly) == OwnerOnly ? mode : null;
    }
}
