namespace Keyhole.Features;

/// <summary>The texts that probes of a task are fitted on and judged on, as many of each class.</summary>
/// <param name="Task">The task.</param>
/// <param name="Training">Texts of the sample, ascending.</param>
/// <param name="TrainingLabels">Whether the task is true of each.</param>
/// <param name="HeldOut">Texts of the other half, ascending.</param>
/// <param name="HeldOutLabels">Whether the task is true of each.</param>
internal sealed record ProbeTask(FeatureTask Task, int[] Training, bool[] TrainingLabels, int[] HeldOut, bool[] HeldOutLabels);
