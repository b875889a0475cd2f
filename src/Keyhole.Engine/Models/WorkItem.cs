namespace Keyhole.Engine.Models;

/// <summary>Consecutive whole texts that one worker takes through a layer.</summary>
/// <param name="FirstText">First text.</param>
/// <param name="TextCount">Number of texts.</param>
internal readonly record struct WorkItem(int FirstText, int TextCount)
{
    /// <summary>Rows of an item, a longer text alone: two tiles of the kernels, enough for nearly all of their row blocks to be full.</summary>
    public const int MostRows = 480;

    private const int LeastRows = 96;

    /// <summary>Divides a batch: full items first, smaller ones towards the end, so that threads finish together.</summary>
    public static WorkItem[] Divide(TokenBatch batch, int threads)
    {
        var items = new List<WorkItem>();
        for (int text = 0; text < batch.TextCount;)
        {
            int first = batch.Start(text);
            int left = batch.RowCount - first;
            int target = threads == 1 ? MostRows : Math.Clamp(left / (3 * threads), LeastRows, MostRows);
            int end = text + 1;
            while (end < batch.TextCount && batch.Start(end + 1) - first <= target)
            {
                end++;
            }

            items.Add(new WorkItem(text, end - text));
            text = end;
        }

        return [.. items];
    }
}
