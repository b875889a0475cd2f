namespace Keyhole.Engine.Models;

/// <summary>Consecutive whole texts that one worker takes through a layer.</summary>
/// <param name="FirstText">First text.</param>
/// <param name="TextCount">Number of texts.</param>
internal readonly record struct WorkItem(int FirstText, int TextCount)
{
    /// <summary>Rows of an item, a longer text alone: two tiles of the kernels, enough for nearly all of their row blocks to be full.</summary>
    public const int MostRows = 480;

    private const int FewRows = 128;   // of an item towards the end: fewer, and the kernels wait for the weights

    /// <summary>Divides a batch: full items first, smaller ones towards the end, and what is left then evenly, so that threads finish together.</summary>
    public static WorkItem[] Divide(TokenBatch batch, int threads)
    {
        var items = new List<WorkItem>();
        int text = 0;
        int left = batch.RowCount;
        while (text < batch.TextCount && (threads == 1 || left > 3 * threads * FewRows))
        {
            int most = threads == 1 ? MostRows : Math.Min(left / (3 * threads), MostRows);
            int end = text + 1;
            while (end < batch.TextCount && batch.Start(end + 1) - batch.Start(text) <= most)
            {
                end++;
            }

            items.Add(new WorkItem(text, end - text));
            text = end;
            left = batch.RowCount - batch.Start(text);
        }

        int start = batch.RowCount - left;
        int rest = threads * Math.Max(1, (int)Math.Round((double)left / (threads * FewRows)));
        for (int item = 1; text < batch.TextCount; item++)
        {
            int goal = item < rest ? start + (int)((long)left * item / rest) : batch.RowCount;
            int end = text + 1;
            while (end < batch.TextCount && batch.Start(end + 1) - goal <= goal - batch.Start(end))   // the nearest beginning of a text
            {
                end++;
            }

            items.Add(new WorkItem(text, end - text));
            text = end;
        }

        return [.. items];
    }
}
