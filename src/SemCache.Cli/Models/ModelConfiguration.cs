using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SemCache.Cli.Models;

/// <summary>The configuration file that says which model the server loads.</summary>
internal sealed class ModelConfiguration(string path)
{
    public const string Default = "semcache.json";

    /// <summary>The environment variable that wins over every file.</summary>
    public const string Variable = "SemCache__Model__Path";

    private const string Key = "SemCache:Model:Path";

    /// <summary>The file, in full. A link is followed: the file it leads to is changed, not the link.</summary>
    public string Path { get; } =
        new FileInfo(path) is { LinkTarget: not null } link
            && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? target.FullName
            : System.IO.Path.GetFullPath(path);

    /// <summary>
    /// The model's folder that the file names, in full; null when it names none, or there is no file.
    /// </summary>
    /// <exception cref="UsageException">The file is no JSON.</exception>
    public string? ModelFolder()
    {
        if (!File.Exists(Path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(Path);
            using var configuration = (ConfigurationRoot)new ConfigurationBuilder().AddJsonStream(stream).Build();
            return configuration[Key] is { Length: > 0 } folder
                ? System.IO.Path.TrimEndingDirectorySeparator(
                    System.IO.Path.GetFullPath(folder, AppContext.BaseDirectory))
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidDataException)
        {
            throw NoJson(exception);
        }
    }

    /// <summary>Writes which folder to load. A reader sees the old file or the new one, never half of it.</summary>
    /// <exception cref="UsageException">The file is no JSON, or has something else in that place.</exception>
    public void Use(string modelFolder)
    {
        var existed = File.Exists(Path);
        byte[] content;
        try
        {
            content = ConfigurationEdit.Set(existed ? File.ReadAllBytes(Path) : [], Key, modelFolder);
        }
        catch (JsonException exception)
        {
            throw NoJson(exception);
        }
        catch (UsageException exception)
        {
            throw new UsageException($"{Path} stays as it is: {exception.Message}");
        }

        var next = Path + ".new";
        File.WriteAllBytes(next, content);
        if (existed && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(next, File.GetUnixFileMode(Path));
        }

        File.Move(next, Path, overwrite: true);
    }

    private UsageException NoJson(Exception exception) => new($"{Path} is no JSON: {exception.Message}");
}
