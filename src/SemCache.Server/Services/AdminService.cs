using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SemCache.Core;
using SemCache.Server.Mapping;
using SemCache.V1;

namespace SemCache.Server.Services;

/// <summary>The contract's Admin service.</summary>
internal sealed class AdminService(Core.SemanticCache cache) : Admin.AdminBase
{
    // The answer to the last ping. Whoever measures asks for the same size again and again, and pays for its transport alone.
    private static volatile Task<PingResponse> _pong = Task.FromResult(new PingResponse());

    public override Task<GetStatsResponse> GetStats(GetStatsRequest request, ServerCallContext context)
    {
        BudgetStats budgets = cache.BudgetStats;
        var response = new GetStatsResponse
        {
            Since = Timestamp.FromDateTimeOffset(cache.StartedAt),
            Model = cache.ModelName,
            LogBytes = cache.LogBytes,
            MemoryBytes = budgets.Memory,
            MemoryBudget = budgets.MemoryBudget,
            LiveBytes = budgets.LiveDisk,
            DiskBudget = budgets.DiskBudget,
        };
        response.Namespaces.Add(cache.GetStats(request.Namespace).Select(ToContract.ToStats));
        return Task.FromResult(response);
    }

    public override Task<ListNamespacesResponse> ListNamespaces(ListNamespacesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListNamespacesResponse { Namespaces = { cache.ListNamespaces() } });

    public override Task<GetConfigResponse> GetConfig(GetConfigRequest request, ServerCallContext context) =>
        Task.FromResult(new GetConfigResponse { Options = { cache.EffectiveOptions.ToDictionary() } });

    public override async Task ExportEntries(
        ExportEntriesRequest request, IServerStreamWriter<ExportEntriesResponse> responseStream, ServerCallContext context)
    {
        Guid after = request.AfterEntryId.Length == 0 ? default : FieldParser.Id(request.AfterEntryId, "after_entry_id");
        foreach (CachedEntry entry in cache.Export(request.Namespace, after))
        {
            await responseStream.WriteAsync(new ExportEntriesResponse { Entry = entry.ToEntry() }, context.CancellationToken);
        }
    }

    public override async Task Backup(
        BackupRequest request, IServerStreamWriter<BackupResponse> responseStream, ServerCallContext context)
    {
        using CacheBackup backup = await cache.BeginBackupAsync(context.CancellationToken);
        await using var pieces = new PieceStream(
            data => responseStream.WriteAsync(
                new BackupResponse { Data = data, TotalBytes = backup.Bytes }, context.CancellationToken));
        await backup.WriteToAsync(pieces, context.CancellationToken);
        await pieces.FlushAsync(context.CancellationToken);
    }

    public override Task<ValidateIndexResponse> ValidateIndex(ValidateIndexRequest request, ServerCallContext context) =>
        Task.FromResult(cache.ValidateIndexes(request.Namespace, context.CancellationToken).ToResponse());

    public override Task<PingResponse> Ping(PingRequest request, ServerCallContext context)
    {
        Task<PingResponse> pong = _pong;
        return pong.Result.Payload.Length == request.ResponseBytes ? pong : Pong(request.ResponseBytes);
    }

    private Task<PingResponse> Pong(int bytes)
    {
        if (bytes < 0 || bytes > cache.Limits.MaxResponseBytes)
        {
            throw new InvalidRequestException(
                "response_bytes",
                $"is {bytes}; allowed is 0 to {cache.Limits.MaxResponseBytes} (SemCache:Limits:MaxResponseBytes)");
        }

        return _pong = Task.FromResult(new PingResponse { Payload = ByteString.CopyFrom(new byte[bytes]) });
    }
}
