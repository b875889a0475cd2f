namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A Python class or function that a pickle names. Only the name is kept; nothing is looked up or called.</summary>
/// <param name="Name">Module and name, such as <c>torch._utils._rebuild_tensor_v2</c>.</param>
internal sealed record PickleGlobal(string Name);
