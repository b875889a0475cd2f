namespace Keyhole.Features;

/// <summary>A yes-or-no question about texts, and how many of the sample answer it.</summary>
/// <param name="Name">Such as <c>past</c>, or <c>file:book.txt</c>.</param>
/// <param name="Positive">Texts of which it is true.</param>
/// <param name="Negative">Texts of which it is false; texts that the rule leaves open are in neither.</param>
/// <param name="Training">Texts of each class that probes are fitted on; 0 where there are too few to ask it.</param>
/// <param name="HeldOut">Texts of each class that they are judged on.</param>
public sealed record FeatureTask(string Name, int Positive, int Negative, int Training, int HeldOut);
