using SemCache.Core.Indexing;
using SemCache.V1;

namespace SemCache.Server.Mapping;

/// <summary>Reports on vector indexes as answers of the contract.</summary>
internal static class IndexToContract
{
    public static ValidateIndexResponse ToResponse(this IndexValidation validation)
    {
        var response = new ValidateIndexResponse
        {
            Partitions = validation.Partitions,
            Entries = validation.Entries,
            FaultyPartitions = validation.FaultyPartitions,
            ReportsLeftOut = validation.ReportsLeftOut,
        };
        response.Reports.Add(validation.Reports.Select(ToReport));
        return response;
    }

    private static V1.IndexReport ToReport(PartitionIndexReport report)
    {
        var mapped = new V1.IndexReport
        {
            Namespace = report.Namespace,
            Entries = report.Index.Entries,
            Linked = report.Index.Linked,
            Pending = report.Index.Pending,
            Bytes = report.Index.Bytes,
        };
        mapped.Scope.Add(report.Scope.ToDictionary());
        mapped.Problems.Add(report.Index.Problems);
        return mapped;
    }
}
