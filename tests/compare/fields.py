"""A spectrum with its interval, a spectrogram, and spikes by phase."""
import csv
import math
import random
import subprocess

import beside

RATE_HZ = 500
SECONDS = 20


def signal():
    """Theta all the time and gamma in every other second, on noise."""
    random.seed(1)
    slow = 0
    with open("signal.csv", "w", encoding="ascii") as f:
        f.write("time_ms,field_mV\n")
        for k in range(RATE_HZ * SECONDS):
            t = k / RATE_HZ
            slow = 0.98 * slow + random.gauss(0, 0.01)
            x = 0.1 * math.cos(2 * math.pi * 8 * t) + slow
            x += 0.03 * (int(t) % 2) * math.cos(2 * math.pi * 60 * t)
            f.write(f"{1000 * t:g},{x:.5f}\n")


def spikes():
    """Of two groups of cells, each with a phase of its own."""
    with open("spikes.csv", "w", encoding="ascii") as f:
        f.write("timestamps,population,node_ids\n")
        for cell in range(20):
            for k in range(1000 * SECONDS):
                phase = 2 * math.pi * 8 * k / 1000 - (cell % 2) * 2
                if random.random() < 0.01 * math.exp(math.cos(phase) - 1):
                    f.write(f"{k},cells,{cell}\n")
    with open("nodes.csv", "w", encoding="ascii") as f:
        f.write("node_id,pop_name\n")
        for cell in range(20):
            f.write(f"{cell},{'PN' if cell % 2 == 0 else 'PV'}\n")


def run(command, path):
    with open(path, "w", encoding="ascii") as f:
        subprocess.run(["sh", "-c", command], stdout=f, check=True)
    with open(path, newline="", encoding="ascii") as f:
        return list(csv.DictReader(f))


def numbers(rows, column):
    return [float(r[column]) for r in rows]


def spectrum(name, width, rows):
    figure, axes = beside.figure(width, 0.66 * width)
    x = numbers(rows, "frequency_Hz")
    axes.fill_between(x, numbers(rows, "low"), numbers(rows, "high"),
                      alpha=0.3, linewidth=0, color=beside.colour(0))
    axes.plot(x, numbers(rows, "psd"), linewidth=0.8, color=beside.colour(0))
    axes.set_yscale("log")
    axes.set_xlabel("Frequency (Hz)")
    axes.set_ylabel("Power (mV²/Hz)")
    figure.tight_layout()
    beside.theirs(figure, name)


def spectrogram(name, width, rows):
    x = sorted(set(numbers(rows, "time_ms")))
    y = sorted(set(numbers(rows, "frequency_Hz")))
    power = {(r["time_ms"], r["frequency_Hz"]): float(r["psd"]) for r in rows}
    power = {(float(t), float(f)): v for (t, f), v in power.items()}
    figure, axes = beside.figure(width, 0.66 * width)
    mesh = axes.pcolormesh(x, y, [[power[t, f] for t in x] for f in y],
                           norm="log", rasterized=True)
    axes.set_xlabel("Time (ms)")
    axes.set_ylabel("Frequency (Hz)")
    figure.colorbar(mesh, label="Power (mV²/Hz)")
    figure.tight_layout()
    beside.theirs(figure, name)


def cycle(name, width, rows):
    figure, axes = beside.figure(width, 0.66 * width)
    for i, group in enumerate(sorted({r["group"] for r in rows})):
        mine = [r for r in rows if r["group"] == group]
        middle = [(float(r["phase_low"]) + float(r["phase_high"])) / 2
                  for r in mine]
        axes.plot(middle, numbers(mine, "rate_Hz"), linewidth=0.8,
                  color=beside.colour(i), label=group)
    axes.set_ylim(0)
    axes.set_xlabel("Phase (rad)")
    axes.set_ylabel("Firing rate (Hz)")
    axes.legend(frameon=False)
    figure.tight_layout()
    beside.theirs(figure, name)


signal()
spikes()
psd = run("signal-spectrum signal.csv", "psd.csv")
grid = run("signal-spectrogram --window 500 --step 100 --nw 2 --band 0:100 "
           "signal.csv", "spectrogram.csv")
phases = run("signal-phase --band 4:12 signal.csv >phase.csv && "
             "spike-phase --signal phase.csv spikes.csv | "
             "phase-hist --signal phase.csv -n nodes.csv -g pop_name",
             "cycle.csv")
for _, wide in beside.cases(groups=(1,)):
    beside.ours(f"fields-spectrum-{wide}mm", wide, [
        "plot-lines", "-x", "frequency_Hz", "-y", "psd", "--low", "low",
        "--high", "high", "--bands", "--log", "psd.csv"])
    spectrum(f"fields-spectrum-{wide}mm", wide, psd)
    beside.ours(f"fields-spectrogram-{wide}mm", wide, [
        "plot-matrix", "--numeric", "--log", "spectrogram.csv"])
    spectrogram(f"fields-spectrogram-{wide}mm", wide, grid)
    beside.ours(f"fields-cycle-{wide}mm", wide, [
        "plot-lines", "-x", "phase_low,phase_high", "-y", "rate_Hz", "--by",
        "group", "cycle.csv"])
    cycle(f"fields-cycle-{wide}mm", wide, phases)
