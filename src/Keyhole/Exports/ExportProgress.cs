namespace Keyhole.Exports;

/// <summary>How far an export is.</summary>
/// <param name="Phase">What is being done, such as <c>neurons.jsonl</c>.</param>
/// <param name="Share">Work of the whole export that is done, from 0 to 1.</param>
public readonly record struct ExportProgress(string Phase, double Share);
