"""Handwritten digits: a network learns to read, and shows what it cannot.

1,797 pictures of 8×8 pixels, four fifths to learn from and one fifth to be tested on; a hidden
layer of 64 neurons; cross-entropy; mini-batches, with momentum, a learning rate that decays and a
little regularization. The loop is written out here; `fit` does the same. (All is computed in
float64, so that what is printed is the same on every machine.)

$ python examples/05_digits.py
epoch   training loss   test loss   test accuracy
    1          1.1378      0.3588           91.1%
    2          0.2520      0.2248           94.4%
    5          0.1342      0.1587           96.9%
   10          0.0801      0.1239           97.8%
   20          0.0588      0.1077           98.3%
   30          0.0529      0.1046           98.3%
"""

from __future__ import annotations

import numpy as np
from pictures import DARK, WARM, save_picture

from glasswork import SGD, Batches, CrossEntropy, Linear, LogSoftmax, ReLU, Sequential, no_grad
from glasswork.data import digits
from glasswork.functional import softmax
from glasswork.optim import exponential_decay
from glasswork.show import hardest, images, mistakes, saliency

x_train, x_test, y_train, y_test = digits().parts(test=0.2, rng=0)

rng = np.random.default_rng(0)
model = Sequential(
    Linear(64, 64, rng=rng, dtype=np.float64),
    ReLU(),
    Linear(64, 10, rng=rng, dtype=np.float64),
)
loss_function = CrossEntropy()
rate = exponential_decay(0.05, decay=1 / 500)
optimizer = SGD(model.parameters(), rate, momentum=0.9, l2=1e-3)
batches = Batches(x_train, y_train, batch_size=32, rng=rng)


def train_epoch() -> float:
    """One pass over the training part; the mean loss of its batches."""
    losses = []
    for x, y in batches:
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step(zero_grad=True)
        losses.append(loss.item())
    return float(np.mean(losses))


def test() -> tuple[np.ndarray, float]:
    """The probabilities of the ten digits for each test picture, and the loss."""
    with no_grad():
        logits = model(x_test)
        return softmax(logits).els, loss_function(logits, y_test).item()


def draw(figure, curves, probabilities):
    """Left how it learned; right the test pictures that were hardest, and what it would change."""
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1.6])
    train_losses, test_losses, accuracies = np.array(curves).T
    loss, accuracy = left.subplots(2, 1, sharex=True)
    epochs = np.arange(1, len(curves) + 1)
    loss.semilogy(epochs, train_losses, color=DARK, label="training")
    loss.semilogy(epochs, test_losses, color=WARM, label="test")
    loss.set(title="Loss")
    loss.legend(fontsize="small")
    accuracy.plot(epochs, 100 * accuracies, color=WARM)
    accuracy.set(title="Read rightly, % of the test pictures", xlabel="epoch")

    above, below = right.subfigures(2, 1)
    above.suptitle("The six test pictures that were hardest to read", size="medium")
    mistakes(x_test, probabilities, y_test, (8, 8), above.subplots(1, 6), most=6)
    below.suptitle("More ink where it is red, less where it is blue, would help", size="medium")
    six = hardest(probabilities, y_test, most=6)
    wishes = saliency(Sequential(model, LogSoftmax()), x_test[six], y_test[six])
    images(wishes.reshape(-1, 8, 8), below.subplots(1, 6), signed=True)


if __name__ == "__main__":
    curves = []
    print("epoch   training loss   test loss   test accuracy")
    for epoch in range(1, 31):
        train_loss = train_epoch()
        probabilities, test_loss = test()
        accuracy = np.mean(probabilities.argmax(axis=1) == y_test)
        curves.append((train_loss, test_loss, accuracy))
        if epoch in (1, 2, 5, 10, 20, 30):
            print(f"{epoch:5d}   {train_loss:13.4f}   {test_loss:9.4f}   {accuracy:13.1%}")
    save_picture("05_digits.png", 8, 3.4, lambda figure: draw(figure, curves, probabilities))
