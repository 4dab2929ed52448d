namespace SemCache.Server.Errors;

/// <summary>The namespace has no live entry with this id.</summary>
internal sealed class EntryNotFoundException(string entryId)
    : Exception($"entry_id: {entryId} is no live entry of this namespace");
