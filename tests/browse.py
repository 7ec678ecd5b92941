#!/usr/bin/python3
"""browse.py -- a headless Chromium for the tests of pages

usage: browse.py serve DIRECTORY [FLAG ...]  run one until stopped
       browse.py stop
       browse.py size WIDTH HEIGHT           of what is seen of a page
       browse.py open FILE                   and wait until it is drawn
       browse.py js EXPRESSION [ARGUMENT ...]  its value, a promise's too
       browse.py hover X Y | click X Y | drag X Y DX DY | wheel X Y DY
       browse.py press SELECTOR              click an element
       browse.py type SELECTOR TEXT          and press Enter
       browse.py picture FILE                a screenshot, PNG
       browse.py print FILE                  on paper, PDF
       browse.py prefer NAME VALUE           what a reader's system prefers
       browse.py log                         console messages, one a line
       browse.py requests                    URLs that were asked for

It speaks WebDriver to Debian's chromedriver, with what Python has at hand, and
little of that: each command is a process of its own.  All but serve find the
browser by $BROWSER, the directory.  The browser ends when it is stopped, when
what started it is gone, or after LIFE_S.
"""
import json
import os
import socket
import sys
import time

# Neither is ever needed: what is waited for happens.
LIFE_S = 7200
WAIT_S = 600
FLAGS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--window-size=1300,800",
    # without a graphics processor: pages by Skia, WebGL by SwiftShader
    "--disable-gpu-compositing",
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]


def fail(why):
    sys.exit("browse.py: " + why)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def say(method, url, body=None):
    """One request to chromedriver, and its value."""
    port, path = url.split("/", 1)
    data = b"" if body is None else json.dumps(body).encode()
    head = (f"{method} /{path} HTTP/1.1\r\nHost: localhost:{port}\r\n"
            f"Content-Type: application/json\r\nConnection: close\r\n"
            f"Content-Length: {len(data)}\r\n\r\n")
    with socket.create_connection(("127.0.0.1", int(port)), WAIT_S) as s:
        s.sendall(head.encode() + data)
        answer = s.makefile("rb")
        length = 0
        for line in iter(answer.readline, b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        value = json.loads(answer.read(length))["value"]
    if isinstance(value, dict) and "error" in value:
        fail(value["message"])
    return value


def begin(directory, flags):
    """Start a driver and a browser: the driver, and the session's address."""
    import subprocess
    log = directory + "/chromedriver.log"
    with open(log, "w", encoding="utf-8") as out:
        driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=out,
                                  stderr=out, stdin=subprocess.DEVNULL)
    end = time.monotonic() + WAIT_S
    while "successfully on port" not in read(log):
        if time.monotonic() > end or driver.poll() is not None:
            fail("chromedriver does not start: " + read(log))
        time.sleep(0.05)
    port = read(log).split("successfully on port ")[1].split(".")[0]
    options = {"binary": "/usr/bin/chromium", "args":
               FLAGS + flags + [f"--user-data-dir={directory}/profile"]}
    session = say("POST", port + "/session", {
        "capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
    return driver, f"{port}/session/{session['sessionId']}"


def children_of(pid):
    try:
        return [int(child) for task in os.listdir(f"/proc/{pid}/task")
                for child in
                read(f"/proc/{pid}/task/{task}/children").split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def runs(pid):
    try:
        return "State:\tZ" not in read(f"/proc/{pid}/status")
    except (FileNotFoundError, ProcessLookupError):
        return False


def end(driver):
    """The driver, and the browser with all its processes, until they are gone
    and write no more into their folder."""
    pids = [driver.pid]
    for pid in pids:
        pids += children_of(pid)
    for pid in filter(runs, pids):
        os.kill(pid, 9)
    driver.wait()
    last = time.monotonic() + WAIT_S
    while any(map(runs, pids)) and time.monotonic() < last:
        time.sleep(0.05)


def serve(directory, *flags):
    directory = os.path.abspath(directory)
    parent = os.getppid()
    driver, address = begin(directory, list(flags))
    session = directory + "/session"
    with open(session + ".new", "w", encoding="utf-8") as file:
        file.write(address)
    os.rename(session + ".new", session)
    last = time.monotonic() + LIFE_S
    while (os.path.exists(session) and os.getppid() == parent
           and time.monotonic() < last):
        time.sleep(0.1)
    end(driver)
    with open(directory + "/ended", "w", encoding="utf-8"):
        pass


def at(command):
    return read(os.environ["BROWSER"] + "/session") + command


def js(expression, *arguments):
    return say("POST", at("/execute/sync"), {
        "script": f"return ({expression});", "args": list(arguments)})


def act(*steps):
    say("POST", at("/actions"), {"actions": [{
        "type": "pointer", "id": "mouse", "parameters":
        {"pointerType": "mouse"}, "actions": list(steps)}]})


def to(x, y, ms=50):
    return {"type": "pointerMove", "duration": ms, "x": round(float(x)),
            "y": round(float(y))}


DOWN = {"type": "pointerDown", "button": 0}
UP = {"type": "pointerUp", "button": 0}


def element(selector):
    found = say("POST", at("/element"), {"using": "css selector",
                                         "value": selector})
    return at("/element/" + list(found.values())[0])


def logged(kind):
    return say("POST", at("/se/log"), {"type": kind})


def log():
    for entry in logged("browser"):
        # The browser takes the picture from the page so, unasked.
        if "GPU stall due to ReadPixels" not in entry["message"]:
            print(entry["level"], entry["message"])


def requests():
    for entry in logged("performance"):
        message = json.loads(entry["message"])["message"]
        request = message["params"]
        # The browser's first page may still be at work.
        if (message["method"] == "Network.requestWillBeSent"
                and not request["documentURL"].startswith("chrome:")):
            yield request["request"]["url"]


def open_page(file):
    logged("performance")  # of the page before
    say("POST", at("/url"), {"url": "file://" + os.path.abspath(file)})
    last = time.monotonic() + WAIT_S
    while not js("document.readyState === 'complete' && (!view || "
                 "performance.getEntriesByName('whole').length > 0)"):
        if time.monotonic() > last:
            fail("not drawn: " + repr(logged("browser")))
        time.sleep(0.05)


def enter(selector, text):
    field = element(selector)
    say("POST", field + "/clear", {})
    say("POST", field + "/value", {"text": text + "\ue007"})


def keep(file, base64_text):
    import base64
    with open(file, "wb") as out:
        out.write(base64.b64decode(base64_text))


def prefer(name, value):
    say("POST", at("/goog/cdp/execute"), {
        "cmd": "Emulation.setEmulatedMedia",
        "params": {"features": [{"name": name, "value": value}]}})


def size(width, height):
    say("POST", at("/goog/cdp/execute"), {
        "cmd": "Emulation.setDeviceMetricsOverride",
        "params": {"width": int(width), "height": int(height),
                   "deviceScaleFactor": 1, "mobile": False}})


def show(value):
    print(value if isinstance(value, str) else json.dumps(value))


def stop():
    directory = os.environ["BROWSER"]
    os.unlink(directory + "/session")
    last = time.monotonic() + WAIT_S
    while (not os.path.exists(directory + "/ended")
           and time.monotonic() < last):
        time.sleep(0.05)


COMMANDS = {
    "serve": serve,
    "stop": stop,
    "size": size,
    "open": open_page,
    "js": lambda *words: show(js(*words)),
    "hover": lambda x, y: act(to(x, y), to(float(x) + 1, y)),
    "click": lambda x, y: act(to(x, y), DOWN, UP),
    "drag": lambda x, y, dx, dy: act(
        to(x, y), DOWN, to(float(x) + float(dx), float(y) + float(dy), 200),
        UP),
    "wheel": lambda x, y, dy: say("POST", at("/actions"), {"actions": [{
        "type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "x": int(x), "y": int(y), "deltaX": 0,
             "deltaY": int(dy)}]}]}),
    "press": lambda selector: say("POST", element(selector) + "/click", {}),
    "type": enter,
    "picture": lambda file: keep(file, say("GET", at("/screenshot"))),
    "print": lambda file: keep(file, say("POST", at("/print"), {})),
    "prefer": prefer,
    "log": log,
    "requests": lambda: print(*requests(), sep="\n"),
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
