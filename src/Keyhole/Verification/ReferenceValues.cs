using Keyhole.Engine;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Verification;

/// <summary>Brings the model's values into the form of a reference tensor.</summary>
/// <param name="file">The reference.</param>
/// <param name="path">Its path, for messages.</param>
/// <param name="ids">The token ids that were run, [T].</param>
internal sealed class ReferenceValues(ReferenceFile file, string path, int[] ids)
{
    /// <summary>What the model gives for a tensor, as many values as that has.</summary>
    /// <param name="name">The tensor, its shape already checked.</param>
    /// <param name="site">The model's values at its site, [T, width].</param>
    /// <exception cref="InputRefusedException">KH5906: a column or id of the file is not in a row.</exception>
    public double[] Of(ReferenceName name, float[] site)
    {
        int width = site.Length / ids.Length;
        TensorInfo tensor = file.Find(name.Name)!;
        return name.Form switch
        {
            ReferenceForm.Values => Last(site, (int)tensor.ElementCount),
            ReferenceForm.Norms => [.. Enumerable.Range(0, ids.Length).Select(row => Norm(site.AsSpan(row * width, width)))],
            ReferenceForm.NextLogProbability => [.. Enumerable.Range(0, ids.Length - 1).Select(row => LogProbability(site.AsSpan(row * width, width), ids[row + 1]))],
            ReferenceForm.LogProbabilities => LogProbabilities(site, width),
            _ => Listed(name, tensor, site, width),
        };
    }

    // A capture may keep the last rows of the logits only.
    private static double[] Last(float[] site, int count) => Array.ConvertAll(site[^count..], value => (double)value);

    private static double Norm(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += (double)value * value;
        }
        return Math.Sqrt(sum);
    }

    private double[] Listed(ReferenceName name, TensorInfo tensor, float[] site, int width)
    {
        TensorInfo list = file.Find(name.Columns!)!;
        long[] columns = file.Integers(list);
        int each = (int)tensor.Shape[1];
        var got = new double[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i] < 0 || columns[i] >= width)
            {
                throw new InputRefusedException("KH5906", $"'{path}': element {i} of tensor '{list.Name}' is {columns[i]}; a row of this model has columns 0 to {width - 1}. Check that the file was made with this model.");
            }
            ReadOnlySpan<float> row = site.AsSpan(i / each * width, width);
            got[i] = name.Form == ReferenceForm.ListedLogProbabilities ? LogProbability(row, (int)columns[i]) : row[(int)columns[i]];
        }
        return got;
    }

    private static double LogProbability(ReadOnlySpan<float> logits, int id) => logits[id] - LogSum(logits);

    private double[] LogProbabilities(float[] logits, int width)
    {
        var got = new double[logits.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            double logSum = LogSum(logits.AsSpan(row * width, width));
            for (int i = row * width; i < (row + 1) * width; i++)
            {
                got[i] = logits[i] - logSum;
            }
        }
        return got;
    }

    // ln sum exp, the largest taken out so that nothing overflows.
    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double largest = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }
        return largest + Math.Log(sum);
    }
}
