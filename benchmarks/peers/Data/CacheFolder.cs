namespace SemCache.Peers.Data;

/// <summary>Where embeddings and ground truths are kept from one run to the next, named after what they come from.</summary>
internal static class CacheFolder
{
    private static readonly string _path = Path.Combine(Path.GetTempPath(), "semcache-peers");

    /// <summary>The table of that name; made and kept when there is none.</summary>
    public static async Task<VectorTable> GetOrAddAsync(string name, Func<Task<VectorTable>> make)
    {
        string file = Path.Combine(_path, name + ".f32");
        if (File.Exists(file))
        {
            return VectorTable.Read(file);
        }

        VectorTable table = await make();
        Directory.CreateDirectory(_path);
        table.Write(file);
        return table;
    }
}
